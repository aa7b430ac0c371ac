"""The database: tables, queries, migrations. The only package that imports SQLAlchemy."""
