"""Answers for machines that watch: is the process up, and can it do its work."""

from flask import Flask, Response, jsonify
from sqlalchemy import text

from app.extensions import db


def _alive() -> Response:
    return jsonify(status="ok")


def _ready() -> tuple[Response, int]:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as problem:
        return jsonify(status="unready", database=type(problem).__name__), 503
    return jsonify(status="ok"), 200


def install(app: Flask) -> None:
    """Add `/healthz` (alive) and `/readyz` (the database answers)."""
    app.add_url_rule("/healthz", "healthz", _alive)
    app.add_url_rule("/readyz", "readyz", _ready)
