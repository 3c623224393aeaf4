"""What records look like that are shown with all of their fields; made from the records themselves, so that none is forgotten."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from pydantic import BaseModel, create_model

from monitor.model.explained import AttemptRecord
from monitor.model.records import (
    ChannelRecord,
    DeliveryRecord,
    NotificationRecord,
    SampleRecord,
    ScheduleRecord,
    SilenceRecord,
    SourceRecord,
)
from monitor.web.api.models import AnswerShape


def record_model(name: str, record: type, **more: Any) -> type[BaseModel]:  # noqa: ANN401 - types of further keys
    """Return the model of a record's JSON object, with the words of its docstring, and of `more` keys beside them."""
    hints = get_type_hints(record)
    keys: dict[str, Any] = {field.name: (hints[field.name], ...) for field in fields(record)}
    keys |= {key: (kind, ...) for key, kind in more.items()}
    return create_model(name, __base__=AnswerShape, __doc__=record.__doc__, **keys)


def list_model(name: str, key: str, model: type[BaseModel], words: str) -> type[BaseModel]:
    """Return the model of an object that has a list of such objects under `key`."""
    keys: dict[str, Any] = {key: (list[model], ...)}  # type: ignore[valid-type]  # made at run time
    return create_model(name, __base__=AnswerShape, __doc__=words, **keys)


DeliveryModel = record_model("DeliveryModel", DeliveryRecord)
DeliveriesModel = list_model("DeliveriesModel", "deliveries", DeliveryModel, "Deliveries, newest first.")
ScheduleModel = record_model("ScheduleModel", ScheduleRecord)
SourceModel = record_model("SourceModel", SourceRecord, schedule=ScheduleModel | None)
SourcesModel = list_model("SourcesModel", "sources", SourceModel, "All sources, by id.")
ChannelModel = record_model("ChannelModel", ChannelRecord)
ChannelsModel = list_model("ChannelsModel", "channels", ChannelModel, "All channels, by id.")
SilenceModel = record_model("SilenceModel", SilenceRecord)
SilencesModel = list_model("SilencesModel", "silences", SilenceModel, "Silences, the newest first.")
SampleModel = record_model("SampleModel", SampleRecord)
NotificationModel = record_model("NotificationModel", NotificationRecord)
NotificationsModel = list_model(
    "NotificationsModel", "notifications", NotificationModel, "Notifications, newest first."
)
AttemptModel = record_model("AttemptModel", AttemptRecord)
OneDeliveryModel = create_model(
    "OneDeliveryModel",
    __base__=AnswerShape,
    __doc__="A delivery, every attempt at it, and what is sent; `body` is null where no message was made.",
    delivery=(DeliveryModel, ...),
    attempts=(list[AttemptModel], ...),  # type: ignore[valid-type]  # made at run time
    body=(str | None, ...),
)
