"""Which rules there are, and which of them somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from skinflint.linter.findings import Tier
from skinflint.rules.base import Rule


class Listed(NamedTuple):
    """A rule as it is listed; its module is imported when somebody asks for it."""

    id: str
    module: str  # below ``skinflint.rules``; also its name, with another sign between the words
    cls: str
    tier: Tier = Tier.DEFAULT

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.module.replace("_", "-")

    def load(self) -> type[Rule]:
        """The rule itself."""
        rule: type[Rule] = getattr(import_module(f"skinflint.rules.{self.module}"), self.cls)
        return rule


#: In the order of the ids.
_RULES = (
    Listed("SKF001", "unused_ignore", "UnusedIgnore"),
    Listed("SKF101", "clock_in_prefix", "ClockInPrefix"),
    Listed("SKF102", "date_in_prefix", "DateInPrefix", Tier.PREVIEW),
    Listed("SKF103", "random_id_in_prefix", "RandomIdInPrefix"),
    Listed("SKF104", "entity_value_in_cached_prefix", "EntityValueInCachedPrefix"),
    Listed("SKF105", "retrieval_in_system", "RetrievalInSystem"),
    Listed("SKF106", "unordered_in_prefix", "UnorderedInPrefix"),
    Listed("SKF107", "unstable_json_in_prefix", "UnstableJsonInPrefix"),
    Listed("SKF108", "unordered_tools", "UnorderedTools"),
    Listed("SKF109", "tools_vary_in_conversation", "ToolsVaryInConversation", Tier.PREVIEW),
    Listed("SKF110", "live_data_in_tool_definition", "LiveDataInToolDefinition"),
    Listed("SKF111", "knob_varies_in_conversation", "KnobVariesInConversation", Tier.PREVIEW),
    Listed("SKF112", "model_varies_in_conversation", "ModelVariesInConversation", Tier.PREVIEW),
    Listed("SKF113", "rewrites_earlier_turns", "RewritesEarlierTurns"),
    Listed("SKF114", "environment_in_system", "EnvironmentInSystem"),
    Listed("SKF115", "conditional_system", "ConditionalSystem", Tier.PREVIEW),
    Listed("SKF201", "no_cache", "NoCache"),
    Listed("SKF202", "marker_over_dynamic", "MarkerOverDynamic"),
    Listed("SKF203", "uncached_tail", "UncachedTail"),
    Listed("SKF204", "marker_on_every_block", "MarkerOnEveryBlock"),
    Listed("SKF205", "marker_accumulates", "MarkerAccumulates"),
    Listed("SKF206", "ttl_order", "TtlOrder"),
    Listed("SKF207", "ttl_shorter_than_interval", "TtlShorterThanInterval"),
    Listed("SKF208", "prefix_below_minimum", "PrefixBelowMinimum", Tier.PREVIEW),
    Listed("SKF209", "marker_on_unique_text", "MarkerOnUniqueText"),
    Listed("SKF210", "invalid_marker_target", "InvalidMarkerTarget"),
    Listed("SKF211", "cold_fan_out", "ColdFanOut", Tier.PREVIEW),
    Listed("SKF212", "wide_turn_past_lookback", "WideTurnPastLookback", Tier.PREVIEW),
    Listed("SKF213", "marker_lost", "MarkerLost"),
    Listed("SKF301", "sliding_window", "SlidingWindow"),
    Listed("SKF302", "splits_tool_pair", "SplitsToolPair", Tier.PREVIEW),
    Listed("SKF303", "unbounded_history", "UnboundedHistory"),
    Listed("SKF304", "base64_as_text", "Base64AsText", Tier.PREVIEW),
    Listed("SKF305", "images_kept", "ImagesKept", Tier.PREVIEW),
    Listed("SKF306", "whole_result_in_history", "WholeResultInHistory", Tier.PREVIEW),
    Listed("SKF307", "fork_with_other_prefix", "ForkWithOtherPrefix", Tier.PREVIEW),
    Listed("SKF308", "eager_context_edit", "EagerContextEdit", Tier.PREVIEW),
    Listed("SKF401", "oversized_model", "OversizedModel"),
    Listed("SKF402", "retired_model", "RetiredModel"),
    Listed("SKF403", "dearer_predecessor", "DearerPredecessor", Tier.PREVIEW),
    Listed("SKF404", "floating_alias", "FloatingAlias", Tier.PREVIEW),
    Listed("SKF405", "oversized_effort", "OversizedEffort", Tier.PREVIEW),
    Listed("SKF406", "unknown_model", "UnknownModel"),
    Listed("SKF501", "batchable_loop", "BatchableLoop"),
    Listed("SKF502", "serial_awaits", "SerialAwaits", Tier.PREVIEW),
    Listed("SKF503", "fan_out_multiplies", "FanOutMultiplies", Tier.PREVIEW),
    Listed("SKF601", "pretty_json_in_prompt", "PrettyJsonInPrompt", Tier.PREVIEW),
    Listed("SKF602", "narration_asked", "NarrationAsked", Tier.PREVIEW),
    Listed("SKF603", "retry_at_same_cap", "RetryAtSameCap", Tier.PREVIEW),
    Listed("SKF701", "cost_ignores_cache_fields", "CostIgnoresCacheFields"),
    Listed("SKF702", "cache_fields_counted_twice", "CacheFieldsCountedTwice"),
    Listed("SKF703", "usage_unread", "UsageUnread", Tier.PREVIEW),
    Listed("SKF801", "uncapped_tool_loop", "UncappedToolLoop"),
    Listed("SKF802", "uncapped_retry", "UncappedRetry", Tier.PREVIEW),
    Listed("SKF803", "uncapped_server_tool", "UncappedServerTool"),
    Listed("SKF901", "rejected_parameter", "RejectedParameter"),
)


class UnknownRule(ValueError):
    """A selector that fits no rule; ``near`` is the closest id or name, if one is close."""

    def __init__(self, selector: str, near: str | None) -> None:
        hint = f"; did you mean {near}?" if near else ""
        super().__init__(f"no rule is called {selector!r}{hint}")
        self.selector = selector
        self.near = near


@lru_cache(maxsize=1)
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, sorted by id."""
    return tuple(rule.load() for rule in _RULES)


def names() -> dict[str, str]:
    """Id -> name and name -> id of every rule."""
    found = {rule.id: rule.name for rule in _RULES}
    found.update({rule.name: rule.id for rule in _RULES})
    return found


def find(selector: str) -> tuple[type[Rule], ...]:
    """The rules a selector stands for: an id, a name, the beginning of an id, or ``ALL``.

    Raises UnknownRule for one that fits none.
    """
    return tuple(rule.load() for rule in _fitting(selector))


def _fitting(selector: str) -> tuple[Listed, ...]:
    wanted = selector.strip()
    if wanted.upper() == "ALL":
        return _RULES
    folded = wanted.upper()
    found = tuple(
        rule
        for rule in _RULES
        if rule.name == wanted.lower() or (folded and rule.id.startswith(folded))
    )
    if found:
        return found
    from difflib import get_close_matches

    known = [text for rule in _RULES for text in (rule.id, rule.name)]
    near = get_close_matches(folded, known, 1) or get_close_matches(wanted.lower(), known, 1)
    raise UnknownRule(selector, near[0] if near else None)


def select(
    select: Sequence[str] = (),
    ignore: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    *,
    preview: bool = False,
) -> tuple[type[Rule], ...]:
    """The rules to run, sorted by id.

    Without ``select`` the default tier (with ``preview`` every rule); ``extend_select`` adds,
    ``ignore`` takes away. A more exact selector wins over a less exact one, so that
    ``select=["SKF1"], ignore=["SKF101"]`` and ``select=["SKF101"], ignore=["SKF1"]`` both mean
    what they say. A preview rule runs only with ``preview`` or when its id or name is given.
    Raises UnknownRule.
    """
    chosen: dict[str, int] = {}
    if not select:
        chosen = {rule.id: 0 for rule in _RULES if preview or rule.tier is Tier.DEFAULT}
    for selector in (*select, *extend_select):
        for rule in _fitting(selector):
            exact = _exactness(rule, selector)
            if rule.tier is Tier.PREVIEW and not preview and exact < _EXACT:
                continue
            chosen[rule.id] = max(chosen.get(rule.id, 0), exact)
    for selector in ignore:
        for rule in _fitting(selector):
            if rule.id in chosen and _exactness(rule, selector) >= chosen[rule.id]:
                del chosen[rule.id]
    return tuple(rule.load() for rule in _RULES if rule.id in chosen)


_EXACT = 1000


def _exactness(rule: Listed, selector: str) -> int:
    wanted = selector.strip()
    if wanted.upper() == rule.id or wanted.lower() == rule.name:
        return _EXACT
    return 0 if wanted.upper() == "ALL" else len(wanted)
