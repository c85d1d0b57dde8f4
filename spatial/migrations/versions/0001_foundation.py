"""Extensions, schemas, and the functions the tables need."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")
SCHEMAS = ("core", "layer", "derived", "ops", "staging")


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for schema in SCHEMAS:
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    # NFC first: unaccent knows no combining marks, and texts arrive in NFD from some keyboards.
    op.execute("""
        CREATE FUNCTION core.vn_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS
        $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, NFC))) $$
    """)
    op.execute("COMMENT ON FUNCTION core.vn_fold IS 'lower case without diacritics: Nam Định -> nam dinh'")


def downgrade() -> None:
    op.execute("DROP FUNCTION core.vn_fold(text)")
    for schema in reversed(SCHEMAS):
        op.execute(f"DROP SCHEMA {schema}")
    # Extensions stay: another application of the database may use them.
