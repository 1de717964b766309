"""Receivers of alerts and their deliveries, for administrators."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import Wire
from wideberth_gateway.access.guard import caller_of
from wideberth_gateway.alerts.changes import TOLD, Change
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import webhooks as store
from wideberth_gateway.store.organisations import Owned, belongs, find_organisation
from wideberth_gateway.store.webhooks import Delivery, DeliveryState, Webhook
from wideberth_gateway.webhooks.addresses import checked, resolved
from wideberth_gateway.webhooks.messages import Form, new_secret

router = APIRouter(tags=["webhooks"])

LARGEST_NUMBER = 2**31 - 1
DeliveryId = Annotated[int, Path(ge=0, le=LARGEST_NUMBER)]


class WebhookAsked(Wire):
    """A new receiver. `api_key` is Gundi's; other forms get a secret of their own.

    `organisation`: it is told of this one's alerts alone; of all unless given.
    """

    url: Annotated[str, Field(max_length=2000)]
    form: Form = Form.STANDARD
    changes: tuple[Change, ...] = TOLD
    api_key: str | None = None
    organisation: str | None = None


class WebhookShown(Wire):
    """A receiver as lists show it; the secret is shown once, when it is made."""

    id: str
    url: str
    form: Form
    changes: tuple[Change, ...]
    created_epoch_s: float
    disabled_because: str | None
    secret: str | None = None


@router.post("/v1/webhooks", status_code=201)
async def add(request: Request, asked: WebhookAsked) -> WebhookShown:
    """A receiver that is told of everything after now, and the secret that its messages are signed with."""
    holder = caller_of(request)
    settings: GatewaySettings = request.app.state.settings
    if (asked.form is Form.GUNDI) != (asked.api_key is not None):
        raise BadInput("Gundi needs its API key, and only Gundi", where="api_key", remedy="give it with form `gundi`")
    url = checked(asked.url)
    try:
        await resolved(url, private_too=settings.receivers_on_private_addresses)
    except OSError as error:
        raise BadInput(f"the host of {url} has no address: {error}", where="url", remedy="check the name") from error
    if asked.organisation is not None:
        await asyncio.to_thread(find_organisation, _engine(request), asked.organisation)
    secret = asked.api_key or new_secret()
    engine, form = _engine(request), asked.form.value
    made = await asyncio.to_thread(store.add_webhook, engine, url, form, secret, asked.changes, holder.name)
    if asked.organisation is not None:
        await asyncio.to_thread(belongs, engine, Owned.RECEIVER, made.id, asked.organisation, holder.name)
    return _shown(made).model_copy(update={"secret": None if asked.api_key else secret})


@router.get("/v1/webhooks")
async def receivers(request: Request) -> tuple[WebhookShown, ...]:
    """All receivers."""
    return tuple(_shown(each) for each in await asyncio.to_thread(store.list_webhooks, _engine(request)))


@router.delete("/v1/webhooks/{webhook_id}", status_code=204)
async def remove(request: Request, webhook_id: str) -> None:
    """It is told no more; what became of its deliveries stays to be seen."""
    holder = caller_of(request)
    because = f"removed by {holder.name}"
    await asyncio.to_thread(store.disable_webhook, _engine(request), webhook_id, because, holder.name)


@router.get("/v1/webhooks/{webhook_id}/deliveries")
async def deliveries(
    request: Request,
    webhook_id: str,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[int | None, Query(le=LARGEST_NUMBER, ge=0, description="only with a lower id")] = None,
) -> tuple[Delivery, ...]:
    """What became of each, newest first; `state=dead` are the dead letters."""
    return await asyncio.to_thread(store.list_deliveries, _engine(request), webhook_id, state, limit, before)


@router.post("/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry", status_code=202)
async def again(request: Request, webhook_id: str, delivery_id: DeliveryId) -> None:
    """A dead delivery is tried again, with the same id."""
    await asyncio.to_thread(store.retry, _engine(request), webhook_id, delivery_id)


def _shown(webhook: Webhook) -> WebhookShown:
    return WebhookShown(
        id=webhook.id, url=webhook.url, form=Form(webhook.form), changes=webhook.changes,
        created_epoch_s=webhook.created_epoch_s, disabled_because=webhook.disabled_because,
    )  # fmt: skip


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
