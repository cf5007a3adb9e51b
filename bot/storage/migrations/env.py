"""Alembic's entry: runs the migrations on the URL given by bot.storage.database.migrate."""

from alembic import context
from sqlmodel import SQLModel

from bot.storage.database import connect

target_metadata = SQLModel.metadata


def run() -> None:
    engine = connect(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
