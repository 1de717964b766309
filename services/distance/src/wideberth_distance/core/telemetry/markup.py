"""XML that a camera or a receiver wrote: read without entities, which no telemetry needs and which can swell."""

from xml.etree import ElementTree

from wideberth_contracts.errors import UnreadableTelemetry


def parse_xml(name: str, text: str) -> ElementTree.Element:
    """The root of a document.

    Raises:
        UnreadableTelemetry: not well formed, or with a document type.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UnreadableTelemetry(
            "XML with a document type, which is not read", where=f"{name}, line 1", remedy="export it without one"
        )
    try:
        return ElementTree.fromstring(text)  # noqa: S314  entities are refused above
    except (ElementTree.ParseError, ValueError) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise UnreadableTelemetry(
            f"XML that is broken ({error})", where=f"{name}, line {line}", remedy="copy or export the file again"
        ) from error


def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]
