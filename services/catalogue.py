"""事项目录：the source list and its overlay become item definitions, or a full list of mistakes.

Pure: callers read the files (`services.catalogue_files`) and write the rows (`services.actions`).
"""

from typing import Any

from services.catalogue_merge import merge_item
from services.catalogue_overlay import OfficeSpec, Overlay, check_overlay, combine
from services.catalogue_rules import check_publicity, check_rules, longest_path, missing_disclosures
from services.catalogue_schema import CatalogueError, Report
from services.catalogue_source import check_source
from services.definition import ItemDefinition

__all__ = [
    "CatalogueError",
    "OfficeSpec",
    "combine",
    "load",
    "longest_path",
    "missing_disclosures",
    "read_offices",
]


def load(catalogue: Any, overlay: Any) -> tuple[list[ItemDefinition], list[CatalogueError]]:
    """读入整个目录: all definitions and no mistake, or no definition and every mistake of the file."""
    additions, overlay_errors = check_overlay(overlay)
    items, errors = check_source(catalogue)
    known = {report.item_id for _, report in items}
    errors += [error for error in overlay_errors if error.item_id in known or not _is_item(error, additions)]
    definitions = []
    for source, report in items:
        for error in overlay_errors:
            if error.item_id == report.item_id:
                report.errors.append(error)
        definitions.append(_define(source, additions, report))
        errors += [error for error in report.errors if error not in errors]
    errors += _strangers([source for source, _ in items], known, additions)
    return ([], errors) if errors else ([one for one in definitions if one], [])


def read_offices(overlay: Any) -> tuple[list[OfficeSpec], list[CatalogueError]]:
    """补充文件里的站所"""
    additions, errors = check_overlay(overlay)
    return list(additions.offices.values()), errors


def _is_item(error: CatalogueError, additions: Overlay) -> bool:
    return error.item_id in additions.items


def _strangers(items: list[dict[str, Any]], known: set[str], additions: Overlay) -> list[CatalogueError]:
    """补充文件里来源目录没有的事项: a mistyped code must not drop what was written for it in silence.

    Real and demo items share the overlay but stand in two lists: each list answers for its own kind.
    """
    extras = additions.items
    kinds = {extras[source["id"]].get("fictional", False) for source in items if source["id"] in extras}
    return [
        CatalogueError(code, "overlay", "来源目录里没有这个编号的事项，请改正编号，或者删去这一段。")
        for code, extra in extras.items()
        if code not in known and extra.get("fictional", False) in kinds
    ]


def _define(source: dict[str, Any], additions: Overlay, report: Report) -> ItemDefinition | None:
    extra = additions.items.get(source["id"] or report.item_id)
    if extra is None:
        if not any(error.field in ("", "id") for error in report.errors):
            report.add("overlay", "补充文件里没有这个事项。")
        return None
    definition = merge_item(source, extra, additions, report)
    check_rules(definition, report)
    check_publicity(source["publicity"], definition, report)
    suggested = source["tacit_approval"]["mode"] == "internal_step_consent" or report.touched(
        "tacit_approval"
    )
    if not suggested and any(stage.timeout.proposed == "consent" for stage in definition.stages):
        report.add("tacit_approval.mode", "来源目录没有为本事项建议会签环节视为无异议。")
    return definition
