"""``skinflint rule``: the page of a rule."""

from __future__ import annotations

import click

from skinflint.cli.output import CLEAN, Output


@click.command()
@click.argument("rules", nargs=-1, metavar="ID|NAME...")
@click.option("--all", "every", is_flag=True, help="Every rule.")
@click.option(
    "--output-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Markdown, or JSON.",
)
@click.pass_obj
def command(out: Output, rules: tuple[str, ...], every: bool, output_format: str) -> int:
    """Explain a rule: what it reports, why that costs, what to write instead."""
    from skinflint.reports import rule_page
    from skinflint.rules.registry import UnknownRule, all_rules, find

    if every == bool(rules):
        raise click.UsageError("give rules by id or name, or --all")
    pages = list(all_rules()) if every else []
    for asked in rules:
        try:
            pages += [rule for rule in find(asked) if rule not in pages]
        except UnknownRule as error:
            raise click.UsageError(str(error)) from None
    if output_format == "json":
        out.write(rule_page.document(pages, every=every or len(pages) > 1))
    else:
        out.write("\n---\n\n".join(rule_page.markdown(page) for page in pages))
    return CLEAN
