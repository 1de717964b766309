"""What lines of a log say, and what they are about."""

import asyncio
import json
import logging
import subprocess
import sys

from wideberth_servicekit.logs import JsonLines, TextLines, about


def line(form: logging.Formatter, message: str = "it ended", error: BaseException | None = None) -> str:
    told = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("wideberth.gateway", logging.WARNING, "x.py", 1, message, None, told)
    return form.format(record)


def test_a_json_line_says_what_it_is_about():
    with about(flight="f1", job="j1"), about(segment=3):
        found = json.loads(line(JsonLines(), "two\nlines"))
    assert found.pop("at").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "wideberth.gateway",
        "message": "two\nlines",
        "flight": "f1",
        "job": "j1",
        "segment": "3",
    }
    assert "job" not in json.loads(line(JsonLines()))


def test_nothing_takes_the_place_of_the_message():
    with about(message="other"):
        assert json.loads(line(JsonLines()))["message"] == "it ended"


def test_an_error_is_in_the_same_line():
    try:
        int("no such thing")
    except ValueError as error:
        text = line(JsonLines(), error=error)
    assert "\n" not in text
    assert "no such thing" in json.loads(text)["error"]


def test_what_it_is_about_follows_into_tasks_and_threads_and_stays_apart():
    async def one(job: str) -> str:
        with about(job=job):
            await asyncio.sleep(0.01)
            return json.loads(await asyncio.to_thread(line, JsonLines()))["job"]

    async def both():
        return await asyncio.gather(one("a"), one("b"))

    assert asyncio.run(both()) == ["a", "b"]


def test_a_text_line_has_it_behind():
    with about(job="0123456789abcdef"):
        assert line(TextLines()).endswith("it ended [job=0123456789ab]")
    assert line(TextLines()).endswith("it ended")


def test_every_line_of_a_process_is_json():
    code = (
        "import logging; from wideberth_servicekit.logs import set_up_logs; set_up_logs('info', 'json');"
        "logging.getLogger('uvicorn.error').info('started'); logging.getLogger('a').debug('no')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [json.loads(text)["message"] for text in done.stderr.splitlines()] == ["started"]
