"""The room's tables and migrations as Piccolo finds them."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

from contests.tables import SUBJECTS

APP_CONFIG = AppConfig(
    app_name="contests",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder([subject.__name__ for subject in SUBJECTS], exclude_imported=True),
    migration_dependencies=["federation.piccolo_app"],
    commands=[],
)
