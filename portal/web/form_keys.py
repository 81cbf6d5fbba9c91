"""The key of a form: which two forms that are sent count as the same one.

A form holds a random key. A hash of that key, its address and its answers says that it is sent again.
"""

import hashlib
import json
import secrets

from flask import request
from werkzeug.datastructures import FileStorage

from portal.keys import hash_secret
from portal.web.forms import list_sent

FIELD = "_formulier"  # the macro `once` of web/_forms.html adds it to a form


def new_form_key() -> str:
    """A random key, for the page that shows a form."""
    return secrets.token_urlsafe(16)


def make_form_key() -> str:
    """The key of the current form: a hash of its random key, address, answers and files; a new random one where it
    holds no key. For a view that keeps the key with what it makes, to lead back there."""
    if not request.form.get(FIELD):
        return new_form_key()
    files = [(name, _hash_file(sent)) for name, sent in request.files.items(multi=True)]
    return hash_secret(json.dumps([request.full_path, sorted(list_sent()) + sorted(files)]))


def _hash_file(sent: FileStorage) -> str:
    digest = hashlib.sha256(sent.read()).hexdigest()
    sent.seek(0)
    return digest
