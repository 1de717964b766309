"""The cards of the models in use: what each learnt from, what it was measured to do. From the disk of the gateway."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_contracts.wire import Sha256, Wire
from wideberth_servicekit.model_store import SUMS, models_root

CARDS = ("card.md", "card.yaml")
"""The first that is there is shown."""


class NoCard(StrEnum):
    """Why a model has no card here."""

    NOT_HERE = "not_here"
    OTHER_WEIGHTS = "other_weights"
    WITHOUT = "without"


class ModelView(Wire):
    """A model in use, and its card as it was written, in English; `no_card` says why there is none."""

    id: str
    sha256: Sha256
    service: str
    runtime: str
    device: str
    card: str | None
    card_name: str | None
    no_card: NoCard | None


def models_of(services: Iterable[ServiceInfo]) -> tuple[ModelView, ...]:
    """Every model behind the ports with its card; of weights that are not those here, no card is shown."""
    return tuple(_view(model, service) for service in services for model in service.models)


def _view(model: ModelRef, service: ServiceInfo) -> ModelView:
    found = _card(model)
    path = found if isinstance(found, Path) else None
    return ModelView(
        id=model.id,
        sha256=model.sha256,
        service=service.service,
        runtime=model.runtime,
        device=service.device,
        card=path.read_text(encoding="utf-8") if path else None,
        card_name=path.name if path else None,
        no_card=found if isinstance(found, NoCard) else None,
    )


def _card(model: ModelRef) -> Path | NoCard:
    name, _, version = model.id.partition("/")
    try:
        folder = models_root(name) / name / version
        sums = (folder / SUMS).read_text(encoding="utf-8")
    except (ModelUnavailable, OSError):
        return NoCard.NOT_HERE
    if model.sha256 not in {line.split()[0] for line in sums.splitlines() if line.strip()}:
        return NoCard.OTHER_WEIGHTS
    return next((folder / card for card in CARDS if (folder / card).is_file()), NoCard.WITHOUT)
