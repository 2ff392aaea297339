"""The hand-written message numbers against the server's own protocol definitions."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.serving import session


def test_a_rerun_message_is_read_by_the_server_as_page_and_query() -> None:
    sent = BackMsg.FromString(session.rerun_message("trends", "kpi=service_level&vendor=" + "Northline" * 40))
    assert sent.rerun_script.page_name == "trends"
    assert sent.rerun_script.query_string == "kpi=service_level&vendor=" + "Northline" * 40


def test_the_front_page_is_asked_for_by_an_empty_rerun() -> None:
    assert BackMsg.FromString(session.rerun_message("", "")).WhichOneof("type") == "rerun_script"


def as_sent(*messages: ForwardMsg) -> Iterator[bytes]:
    return iter([message.SerializeToString() for message in messages])


@pytest.mark.parametrize(("outcome", "failed"), [("FINISHED_SUCCESSFULLY", False), ("FINISHED_WITH_COMPILE_ERROR", True)])
def test_a_run_ends_with_the_servers_finished_message(outcome: str, failed: bool) -> None:
    delta = ForwardMsg(hash="a" * 200)
    delta.delta.new_element.text.body = "85 %"
    interrupted = ForwardMsg(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    finished = ForwardMsg(script_finished=ForwardMsg.ScriptFinishedStatus.Value(outcome))
    run = session.collect(as_sent(interrupted, delta, finished, delta))
    assert (len(run.messages), run.failed, run.page_found) == (3, failed, True)
    assert run.size == interrupted.ByteSize() + delta.ByteSize() + finished.ByteSize()


def test_an_error_nobody_caught_is_noticed() -> None:
    broken, finished = ForwardMsg(), ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    broken.delta.new_element.exception.message = "no such page"
    assert session.collect(as_sent(broken, finished)).failed


@pytest.mark.parametrize("fields", [ForwardMsg.DESCRIPTOR.fields, Delta.DESCRIPTOR.fields, Element.DESCRIPTOR.fields])
def test_every_field_read_is_a_number_or_has_a_length(fields: Iterable[Any]) -> None:
    of_fixed_width = ("TYPE_DOUBLE", "TYPE_FLOAT", "TYPE_FIXED64", "TYPE_FIXED32", "TYPE_SFIXED64", "TYPE_SFIXED32")
    assert [field.name for field in fields if field.type in [getattr(field, name) for name in of_fixed_width]] == []


def test_an_unknown_page_is_noticed() -> None:
    missing, finished = ForwardMsg(), ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    missing.page_not_found.page_name = "trend"
    assert not session.collect(as_sent(missing, finished)).page_found
