"""The function app: registers each blueprint, nothing else."""

import azure.durable_functions as df
import azure.functions as func

from functions.bootstrap import build_blueprints

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)

for blueprint in build_blueprints():
    app.register_functions(blueprint)
