from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"
    verbose_name = "Console"

    def ready(self) -> None:
        from bpo.slots import people_imported, person_panel, search
        from bpo.ui.context import provide
        from console import deletions, erasures, exports, lives, restores
        from console.frame import facts
        from console.providers import imported_panel, person_data_panel
        from console.search import found

        lives.register("export", exports.carry_out_export)
        lives.register("drop", deletions.carry_out_deletion)
        restores.AFTER_RESTORE.append(erasures.erase_again)
        person_panel.register(person_data_panel)
        people_imported.register(imported_panel)
        provide(facts)
        search.register(found)
