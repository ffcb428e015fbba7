"""Written by scripts/compile_catalog.py from data/queries.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "docs.sqlalchemy.org/en/20/orm/queryguide, "
        "docs.djangoproject.com/en/5.2/ref/models/querysets, "
        "flask-sqlalchemy.palletsprojects.com, docs.mongoengine.org, beanie-odm.dev, "
        "docs.peewee-orm.com, tortoise.github.io, peps.python.org/pep-0249, "
        "magicstack.github.io/asyncpg, www.encode.io/databases, "
        "pymongo.readthedocs.io, supabase.com/docs/reference/python, "
        "firebase.google.com/docs/firestore",
        "date": "2026-11-26",
        "query": {
            "managers": "objects query",
            "begins": "select find find_many filter all where",
            "named": "table from_ collection",
            "executes": "execute scalars exec fetch fetch_all fetchall query all "
            "execute_query fetch_rows select read_sql\n"
            "aexecute run_query\n",
            "fetches": "fetchall fetchmany",
            "texts": "text SQL",
            "keeps": "all aall order_by sort values values_list select_related "
            "prefetch_related scalars mappings execute\n"
            "exec fetchall to_list options iterator stream only defer join "
            "outerjoin distinct unique using select\n"
            "with_for_update order dicts tuples desc asc document collection "
            "yield_per execution_options params\n",
            "orders": "order_by order sort",
            "filters": "filter filter_by where exclude find objects eq neq match in_ "
            "contains ilike like",
            "parts": "gt gte lt lte is_ not_ or_ range after before start_after start_at",
            "limits": "limit head fetchmany to_list paginate slice tail top range",
            "one": "first get one one_or_none scalar scalar_one scalar_one_or_none "
            "fetchone fetchrow create acreate\n"
            "get_or_create first_or_404 get_or_404 afirst aget last find_one "
            "fetch_one insert_one\n",
            "one_of": "get_object_or_404 aget_object_or_404 get",
        },
        "relation": {
            "lists": "relationship",
            "points": "ForeignKey OneToOneField relationship ForeignKeyField",
            "names": "related_name backref",
            "columns": "Field Column mapped_column relationship ForeignKey",
        },
        "change": {
            "adds": "create acreate bulk_create abulk_create get_or_create insert "
            "insert_one insert_many upsert add set\n"
            "push save\n",
            "deletes": "delete adelete delete_many delete_one",
            "keys": "uuid1 uuid4 uuid7 token_hex token_urlsafe ObjectId ulid ULID create acreate",
        },
    }
