"""Requests that are turned away before any view sees them."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from positions.middleware import FORM_SLACK, RequestLimits


def answer(request):
    limits = RequestLimits(lambda request: HttpResponse("seen by a view"))
    return limits.process_view(request, None, (), {}) or limits(request)


@pytest.mark.parametrize(
    "address",
    ["/nu%00l/", "/?q=a%00b", "/?q=a&q=%00", "/?na%00me=a"],
)
def test_an_address_with_a_nul_character_is_refused(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert response.text == "The address contains a character that no text has.\n"


@pytest.mark.parametrize("form", [{"name": "a\0b"}, {"na\0me": "a"}])
def test_a_form_with_a_nul_character_is_refused(form):
    response = answer(RequestFactory().post("/", form))
    assert response.status_code == 400
    assert response.text == "The form contains a character that no text has.\n"


def test_a_form_with_a_nul_character_never_reaches_a_desk(client):
    response = client.post("/admin/login/", {"username": "a\0", "password": "b"})
    assert response.status_code == 400


def test_an_uploaded_file_may_hold_nul_characters():
    upload = SimpleUploadedFile("cable.txt", b"a\0b")
    response = answer(RequestFactory().post("/", {"file": upload, "name": "a"}))
    assert response.text == "seen by a view"


@pytest.mark.parametrize(
    ("excess", "status"),
    [(0, 200), (1, 413)],
)
def test_a_request_larger_than_an_upload_may_be_is_refused(excess, status):
    length = settings.UPLOAD_LIMIT_BYTES + FORM_SLACK + excess
    request = RequestFactory().get("/", CONTENT_LENGTH=str(length))
    assert answer(request).status_code == status


@pytest.mark.parametrize("length", ["", "many", "-1", "²"])
def test_a_senseless_length_is_left_to_the_server(length):
    request = RequestFactory().get("/", CONTENT_LENGTH=length)
    assert answer(request).status_code == 200


@pytest.mark.django_db
def test_a_number_too_large_for_the_database_is_refused_in_a_sentence(admin_client):
    answer = admin_client.get("/admin/positions/statement/", {"actor": "9" * 30})
    assert answer.status_code in (200, 302, 400)
