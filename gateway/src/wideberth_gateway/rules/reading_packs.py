"""From the bytes of a YAML file to a validated pack, or an error that names the line and the reason."""

import hashlib

import yaml
from pydantic import ValidationError

from wideberth_contracts.errors import BadRulePack
from wideberth_gateway.rules.pack import Pack, PackFile

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same loader in C where PyYAML was built with it: ten times faster."""

REMEDY = "correct the pack; docs/rules.md shows every field"


def read_pack(content: bytes, name: str) -> Pack:
    """The pack in these bytes.

    Args:
        content: UTF-8 YAML, one mapping as in `PackFile`.
        name: of the file, for messages.

    Raises:
        BadRulePack: naming line and reason.
    """
    root, plain = _parse(content, name)
    try:
        file = PackFile.model_validate(plain)
    except ValidationError as error:
        raise _first(error, root, name) from error
    return Pack(**dict(file), sha256=hashlib.sha256(content).hexdigest())


def _parse(content: bytes, name: str) -> tuple[yaml.MappingNode, object]:
    """The nodes, which know their lines, and the plain values."""
    try:
        loader = LOADER(content)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            reason = "a pack is one mapping with id, version, rules …"
            raise BadRulePack(reason, where=f"{name}, line 1", remedy=REMEDY)
        _refuse_doubles(root, name)
        return root, loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRulePack(f"no YAML: {error.problem}", where=f"{name}, line {line}", remedy=REMEDY) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadRulePack(f"no YAML: {_one_line(str(error))}", where=name, remedy=REMEDY) from error


def _refuse_doubles(node: yaml.Node, name: str) -> None:
    """YAML keeps the last of two equal keys in silence; a law must not."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                where = f"{name}, line {key.start_mark.line + 1}"
                raise BadRulePack(f"key {key.value} is given twice", where=where, remedy=REMEDY)
            seen.add(key.value)
            _refuse_doubles(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_doubles(item, name)


def _first(error: ValidationError, root: yaml.Node, name: str) -> BadRulePack:
    errors = error.errors(include_url=False)
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])  # a mistyped key says more
    line = _line_of(root, first["loc"])
    path = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    reason = f"{path}: {_one_line(first['msg'])}{more}" if path else f"{_one_line(first['msg'])}{more}"
    return BadRulePack(reason, where=f"{name}, line {line}", remedy=REMEDY)


def _line_of(root: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """Line, from 1, of the deepest part of `loc` that the file holds; names of union members are skipped."""
    node, line = root, root.start_mark.line
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is not None:
                line, node = pair[0].start_mark.line, pair[1]
    return line + 1


def _one_line(text: str) -> str:
    return " ".join(text.split())
