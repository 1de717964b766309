"""The pages by which a program that speaks OGC API Features (QGIS) finds alerts: start, conformance, collections."""

from fastapi import APIRouter

GEOJSON, JSON = "application/geo+json", "application/json"
ITEMS = "/v1/collections/alerts/items"
CONFORMS_TO = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

router = APIRouter(tags=["alerts"])


@router.get("/v1/")
async def start() -> dict[str, object]:
    """Where everything is."""
    links = (
        ("self", JSON, "/v1/"),
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0", "/openapi.json"),
        ("conformance", JSON, "/v1/conformance"),
        ("data", JSON, "/v1/collections"),
    )
    return {
        "title": "Wideberth",
        "description": "Distances between vessels and dolphins, and alerts about broken approach rules",
        "links": [_link(*link) for link in links],
    }


@router.get("/v1/conformance")
async def conformance() -> dict[str, object]:
    """What of OGC API Features is kept."""
    return {"conformsTo": list(CONFORMS_TO)}


@router.get("/v1/collections")
async def collections() -> dict[str, object]:
    """All collections: there is one."""
    return {"collections": [await collection()], "links": [_link("self", JSON, "/v1/collections")]}


@router.get("/v1/collections/alerts")
async def collection() -> dict[str, object]:
    """What the collection is."""
    return {
        "id": "alerts",
        "title": "Alerts: candidates until a person confirms",
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]], "crs": CRS84}},
        "crs": [CRS84],
        "links": [_link("self", JSON, "/v1/collections/alerts"), _link("items", GEOJSON, ITEMS)],
    }


def _link(rel: str, media_type: str, href: str) -> dict[str, str]:
    return {"rel": rel, "type": media_type, "href": href}
