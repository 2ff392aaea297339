"""The hand-written message numbers against the server's own protocol definitions."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analytics.serving import session


def test_a_rerun_message_is_read_by_the_server_as_page_and_query() -> None:
    sent = BackMsg.FromString(session.rerun_message("trends", "kpi=service_level&vendor=" + "Northline" * 40))
    assert sent.rerun_script.page_name == "trends"
    assert sent.rerun_script.query_string == "kpi=service_level&vendor=" + "Northline" * 40


def test_the_front_page_is_asked_for_by_an_empty_rerun() -> None:
    assert BackMsg.FromString(session.rerun_message("", "")).WhichOneof("type") == "rerun_script"


@pytest.mark.parametrize(
    ("outcome", "compiled"),
    [(ForwardMsg.FINISHED_SUCCESSFULLY, True), (ForwardMsg.FINISHED_WITH_COMPILE_ERROR, False)],
)
def test_a_run_ends_with_the_servers_finished_message(outcome: int, compiled: bool) -> None:
    delta = ForwardMsg(hash="a" * 200)
    delta.delta.new_element.text.body = "85 %"
    interrupted = ForwardMsg(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN)
    finished = ForwardMsg(script_finished=ForwardMsg.ScriptFinishedStatus.Name(outcome))
    messages = [message.SerializeToString() for message in (interrupted, delta, finished, delta)]
    run = session.collect(iter(messages))
    assert (len(run.messages), run.compiled, run.page_found) == (3, compiled, True)
    assert run.size == sum(map(len, messages[:3]))


def test_an_unknown_page_is_noticed() -> None:
    missing, finished = ForwardMsg(), ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    missing.page_not_found.page_name = "trend"
    assert not session.collect(iter([missing.SerializeToString(), finished.SerializeToString()])).page_found
