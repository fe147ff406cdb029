"""The room's tables and migrations as Piccolo finds them."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="federation",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder(modules=["federation.tables"], exclude_imported=True),
    migration_dependencies=[],
    commands=[],
)
