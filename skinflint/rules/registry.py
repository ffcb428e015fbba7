"""Which rules there are, and which of them somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module

from skinflint.linter.findings import Tier
from skinflint.rules.base import Rule

#: Module below ``skinflint.rules`` -> class, in the order of the ids.
_RULES = (
    ("unused_ignore", "UnusedIgnore"),
    ("clock_in_prefix", "ClockInPrefix"),
    ("date_in_prefix", "DateInPrefix"),
    ("random_id_in_prefix", "RandomIdInPrefix"),
    ("entity_value_in_cached_prefix", "EntityValueInCachedPrefix"),
    ("retrieval_in_system", "RetrievalInSystem"),
    ("unordered_in_prefix", "UnorderedInPrefix"),
    ("unstable_json_in_prefix", "UnstableJsonInPrefix"),
    ("unordered_tools", "UnorderedTools"),
    ("tools_vary_in_conversation", "ToolsVaryInConversation"),
    ("live_data_in_tool_definition", "LiveDataInToolDefinition"),
    ("knob_varies_in_conversation", "KnobVariesInConversation"),
    ("model_varies_in_conversation", "ModelVariesInConversation"),
    ("rewrites_earlier_turns", "RewritesEarlierTurns"),
    ("environment_in_system", "EnvironmentInSystem"),
    ("conditional_system", "ConditionalSystem"),
    ("no_cache", "NoCache"),
    ("marker_over_dynamic", "MarkerOverDynamic"),
    ("uncached_tail", "UncachedTail"),
    ("marker_on_every_block", "MarkerOnEveryBlock"),
    ("marker_accumulates", "MarkerAccumulates"),
    ("ttl_order", "TtlOrder"),
    ("ttl_shorter_than_interval", "TtlShorterThanInterval"),
    ("prefix_below_minimum", "PrefixBelowMinimum"),
    ("marker_on_unique_text", "MarkerOnUniqueText"),
    ("invalid_marker_target", "InvalidMarkerTarget"),
    ("cold_fan_out", "ColdFanOut"),
    ("wide_turn_past_lookback", "WideTurnPastLookback"),
    ("marker_lost", "MarkerLost"),
    ("batchable_loop", "BatchableLoop"),
    ("serial_awaits", "SerialAwaits"),
    ("fan_out_multiplies", "FanOutMultiplies"),
    ("sliding_window", "SlidingWindow"),
    ("splits_tool_pair", "SplitsToolPair"),
    ("unbounded_history", "UnboundedHistory"),
    ("base64_as_text", "Base64AsText"),
    ("images_kept", "ImagesKept"),
    ("whole_result_in_history", "WholeResultInHistory"),
    ("fork_with_other_prefix", "ForkWithOtherPrefix"),
    ("eager_context_edit", "EagerContextEdit"),
    ("oversized_model", "OversizedModel"),
    ("retired_model", "RetiredModel"),
    ("dearer_predecessor", "DearerPredecessor"),
    ("floating_alias", "FloatingAlias"),
    ("oversized_effort", "OversizedEffort"),
    ("unknown_model", "UnknownModel"),
    ("pretty_json_in_prompt", "PrettyJsonInPrompt"),
    ("narration_asked", "NarrationAsked"),
    ("retry_at_same_cap", "RetryAtSameCap"),
    ("uncapped_tool_loop", "UncappedToolLoop"),
    ("uncapped_retry", "UncappedRetry"),
    ("uncapped_server_tool", "UncappedServerTool"),
    ("cost_ignores_cache_fields", "CostIgnoresCacheFields"),
    ("cache_fields_counted_twice", "CacheFieldsCountedTwice"),
    ("usage_unread", "UsageUnread"),
    ("rejected_parameter", "RejectedParameter"),
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
    rules = [getattr(import_module(f"skinflint.rules.{module}"), name) for module, name in _RULES]
    return tuple(sorted(rules, key=lambda rule: rule.id))


def names() -> dict[str, str]:
    """Id -> name and name -> id of every rule."""
    found = {rule.id: rule.name for rule in all_rules()}
    found.update({rule.name: rule.id for rule in all_rules()})
    return found


def find(selector: str) -> tuple[type[Rule], ...]:
    """The rules a selector stands for: an id, a name, the beginning of an id, or ``ALL``.

    Raises UnknownRule for one that fits none.
    """
    wanted = selector.strip()
    if wanted.upper() == "ALL":
        return all_rules()
    folded = wanted.upper()
    found = tuple(
        rule
        for rule in all_rules()
        if rule.name == wanted.lower() or (folded and rule.id.startswith(folded))
    )
    if found:
        return found
    from difflib import get_close_matches

    known = [text for rule in all_rules() for text in (rule.id, rule.name)]
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
        chosen = {rule.id: 0 for rule in all_rules() if preview or rule.tier is Tier.DEFAULT}
    for selector in (*select, *extend_select):
        for rule in find(selector):
            exact = _exactness(rule, selector)
            if rule.tier is Tier.PREVIEW and not preview and exact < _EXACT:
                continue
            chosen[rule.id] = max(chosen.get(rule.id, 0), exact)
    for selector in ignore:
        for rule in find(selector):
            if rule.id in chosen and _exactness(rule, selector) >= chosen[rule.id]:
                del chosen[rule.id]
    return tuple(rule for rule in all_rules() if rule.id in chosen)


_EXACT = 1000


def _exactness(rule: type[Rule], selector: str) -> int:
    wanted = selector.strip()
    if wanted.upper() == rule.id or wanted.lower() == rule.name:
        return _EXACT
    return 0 if wanted.upper() == "ALL" else len(wanted)
