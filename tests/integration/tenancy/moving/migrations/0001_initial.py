from importlib import import_module

Migration = import_module("bpo.marker.migrations.0001_initial").Migration
