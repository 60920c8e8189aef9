"""出错的页面：what happened, that nothing was lost, the next step, and the phone; JSON for the API."""

import logging

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404
from django.test import Client, RequestFactory

from portal.errors import InvalidInput, NotAllowed, TooManyAttempts, WrongState
from portal.middleware import portal_errors
from portal.views import bad_request, csrf_failure, server_error
from tests.portal.pages import signed_in, words


@pytest.mark.parametrize("path", ["/nothing-here/", "/t/bailu/nothing-here/"])
def test_missing_page_leads_on(world, client, path):
    response = client.get(path)

    assert response.status_code == 404
    text = words(response)
    assert "没找到这一页" in text
    assert "没有丢" in text
    assert ("白鹭乡" in text) == path.startswith("/t/")
    prefix = "/t/bailu" if path.startswith("/t/") else ""
    assert f'action="{prefix}/items/"' in response.content.decode()


def test_unknown_township_is_said(world, client):
    response = client.get("/t/nowhere/")

    assert response.status_code == 404
    assert "没有这个乡镇" in words(response)


def test_staff_find_their_way_back_from_a_missing_page(world):
    response = signed_in(world.chen).get("/nothing-here/")
    assert response.status_code == 404
    assert "没有这一页，或者不归您的岗位" in words(response) and "回工作首页" in words(response)
    assert 'aria-label="工作栏目"' in response.content.decode() and 'action="/desk/"' in response.content.decode()
    assert "没找到这一页" in words(signed_in(world.an).get("/nothing-here/"))


def test_missing_api_page_is_json(world, client):
    response = client.get("/api/v1/nothing/")

    assert response.status_code == 404
    assert response.json() == {"code": "not_found", "message": "没有找到。", "fields": {}}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/items/%00/", 400),
        ("/api/v1/items/%00/", 400),
        ("/t/%00/", 400),
        ("/board/results/?q=%%0000", 200),
        ("/api/v1/items/?after=%00", 200),
        ("/api/v1/board/?township=%00", 404),
    ],
)
def test_an_address_no_table_can_hold_is_no_error_of_ours(world, client, path, status):
    assert client.get(path).status_code == status


def test_a_body_larger_than_any_form_is_not_read(world, client):
    response = client.post("/sign-in/", {"name": "chen"}, CONTENT_LENGTH=str(settings.REQUEST_MAX_BYTES + 1))

    assert response.status_code == 400


def test_expired_form_leads_to_no_other_host(world):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/sign-in/", {}, headers={"referer": "http://testserver//elsewhere.example/"})

    assert "elsewhere" not in response.content.decode()


def test_refused_page_offers_to_sign_in_only_to_strangers(world, client):
    text = words(signed_in(world.an).get("/staff/reset-password/"))

    assert "重设密码由窗口岗位办" in text
    assert "去登录" not in text


@pytest.mark.parametrize("path", ["/sign-in/", "/t/bailu/sign-in/"])
def test_expired_form_says_nothing_was_done_and_leads_back(world, path):
    client = Client(enforce_csrf_checks=True)

    response = client.post(
        path, {"name": "chen"}, headers={"referer": f"http://testserver{path}?next=/account/"}
    )

    assert response.status_code == 403
    text = words(response)
    assert "没有提交上去" in text
    assert "没有丢" in text
    assert f'href="{path}?next=/account/"' in response.content.decode()


def test_expired_form_never_leads_off_the_site(world, rf: RequestFactory):
    request = rf.post("/sign-in/", headers={"referer": "https://evil.example/"})
    request.township = world.township

    assert "evil.example" not in csrf_failure(request, "no token").content.decode()


def test_expired_api_form_is_json(rf: RequestFactory):
    assert b'"csrf"' in csrf_failure(rf.post("/api/v1/items/")).content


def test_wrong_host_is_told_plainly(world, client):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "这次请求看不懂" in words(response)


def test_bad_request_of_the_api_is_json(rf: RequestFactory):
    assert bad_request(rf.get("/api/v1/items/"), ValueError()).status_code == 400


def test_server_error_needs_no_database_and_names_the_incident(rf: RequestFactory, caplog):
    with caplog.at_level(logging.ERROR, "portal.errors"):
        response = server_error(rf.get("/account/"))

    assert response.status_code == 500
    incident = caplog.records[0].args[0]
    assert incident in words(response)
    assert "没有丢" in words(response)


def test_server_error_of_the_api_is_json(rf: RequestFactory):
    assert b'"server_error"' in server_error(rf.get("/api/v1/items/")).content


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("请写姓名。"), 400),
        (NotAllowed("不在您的岗位职责里。"), 403),
        (WrongState("已经办结了。"), 409),
        (TooManyAttempts("请过15分钟再试。"), 429),
    ],
)
def test_refusal_that_no_form_caught_shows_its_sentence(world, rf: RequestFactory, error, status):
    request = rf.post("/")
    request.township = world.township

    response = portal_errors(lambda _request: None).process_exception(request, error)

    assert (response.status_code, error.message in words(response)) == (status, True)


@pytest.mark.parametrize("error", [Http404(), DatabaseError(), KeyError("a")])
def test_programming_errors_pass_through(rf: RequestFactory, error):
    assert portal_errors(lambda _request: None).process_exception(rf.get("/"), error) is None
