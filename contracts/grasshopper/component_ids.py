"""GUIDs of Grasshopper components, as files that Grasshopper saved carry them."""

from typing import Final

GET_NUMBER: Final = "7b36b876-9451-46f5-8220-a200d969cc66"
GET_INTEGER: Final = "b228887e-0852-4d9f-bd46-2591646e0d7c"
GET_STRING: Final = "fed87bdd-8327-49cd-949c-09d70f3c345c"
GET_BOOLEAN: Final = "51ef601d-f86e-4ee4-bcf2-3d459d3e95e9"
GET_POINT: Final = "997704ba-c1d3-4262-9090-927c81347ce6"
GET_PLANE: Final = "88bd0e1d-363a-469f-9104-57d3aac5d6b8"
GET_LINE: Final = "af519c71-7dc1-4524-b8cc-add5544e2ef6"
GET_GEOMETRY: Final = "41dd7ba9-1f53-49d9-af42-a9270b0e9454"
GET_FILE_PATH: Final = "e83dd8b2-42aa-41e6-9254-882cddec0a2e"

CONTEXTUAL_INPUTS: Final[dict[str, str]] = {
    GET_NUMBER: "Number",
    GET_INTEGER: "Integer",
    GET_STRING: "Text",
    GET_BOOLEAN: "Boolean",
    GET_POINT: "Point",
    GET_PLANE: "Plane",
    GET_LINE: "Line",
    GET_GEOMETRY: "Geometry",
    GET_FILE_PATH: "Text",
}
"""Contextual parameters and the type name Rhino.Compute gives them (there is no Get Curve)."""

CONTEXT_BAKE: Final = "ae2531b4-bab2-4bb1-b5bf-f2143d10c132"
CONTEXT_PRINT: Final = "73215ec5-0eb5-4f85-9e07-b09c4590ce2b"
CONTEXTUAL_OUTPUTS: Final[dict[str, str]] = {
    CONTEXT_BAKE: "Generic Data",
    CONTEXT_PRINT: "Text",
}

GROUP: Final = "c552a431-af5b-46a9-a8a4-0fcbc27ef596"
SCRIBBLE: Final = "7f5c6c55-f846-4a08-9c9a-cfdc285cc6fe"
NUMBER_SLIDER: Final = "57da07bd-ecab-415d-9d86-af36d7073abc"
PANEL: Final = "59e0b89a-e487-49f8-bab8-b5bab16be14c"

VALUE_LIST: Final = "00027467-0d24-4fa7-b178-8dc0ac5f42ec"
BOOLEAN_TOGGLE: Final = "2e78987b-9dfb-42a2-8b76-3923ac8bd91a"
COLOUR_SWATCH: Final = "9c53bac0-ba66-40bd-8154-ce9829b9db1a"
RELAY: Final = "b6236720-8d88-4289-93c3-ac4c99f9b97b"

ADDITION: Final = "a0d62394-a118-422d-abb3-6af115c75b25"
SUBTRACTION: Final = "9c007a04-d0d9-48e4-9da3-9ba142bc4d46"
MULTIPLICATION: Final = "ce46b74e-00c9-43c4-805a-193b69ea4a11"
DIVISION: Final = "9c85271f-89fa-4e9f-9f4a-d75802120ccc"

PYTHON_3_SCRIPT: Final = "719467e6-7cf5-4848-99b0-c5dd57e5442c"
SCRIPT_PARAMETER: Final = "08908df5-fa14-4982-9ab2-1aa0927566aa"
RHINO_CODE_LIBRARY: Final = "066d0a87-236f-4eae-a0f4-9e42f5327962"

GENERIC_PARAMETER: Final = "8ec86459-bf01-4409-baee-174d0d2b13d0"
FLOATING_PARAMETERS: Final[dict[str, str]] = {
    "3e8ca6be-fda8-4aaf-b5c0-3c54c8bb7312": "Number",
    "2e3ab970-8545-46bb-836c-1c11e5610bce": "Integer",
    "3ede854e-c753-40eb-84cb-b48008f14fd4": "Text",
    "cb95db89-6165-43b6-9c41-5702bc5bf137": "Boolean",
    "fbac3e32-f100-4292-8692-77240a42fd1a": "Point",
    "d5967b9f-e8ee-436b-a8ad-29fdcecf32d5": "Curve",
    "16ef3e75-e315-4899-b531-d3166b42dac9": "Vector",
    "4f8984c4-7c7a-4d69-b0a2-183cbb330d20": "Plane",
    "15b7afe5-d0d0-43e1-b894-34fcfe3be384": "Domain",
    "d1028c72-ff86-4057-9eb0-36c687a4d98c": "Circle",
    "abf9c670-5462-4cd8-acb3-f1ab0256dbf3": "Rectangle",
    "8529dbdf-9b6f-42e9-8e1f-c7a2bde56a70": "Line",
    "1e936df3-0eea-4246-8549-514cb8862b7a": "Mesh",
    "919e146f-30ae-4aae-be34-4d72f555e7da": "Brep",
    "deaf8653-5528-4286-807c-3de8b8dad781": "Surface",
    "89cd1a12-0007-4581-99ba-66578665e610": "SubD",
    "c9482db6-bea9-448d-98ff-fed6d69a8efc": "Box",
    GENERIC_PARAMETER: "Generic Data",
    "ac2bc2cb-70fb-4dd5-9c78-7e1ea97fe278": "Geometry",
    NUMBER_SLIDER: "Number",
    PANEL: "Text",
    BOOLEAN_TOGGLE: "Boolean",
    COLOUR_SWATCH: "Colour",
    "a8b97322-2d53-47cd-905e-b932c3ccd74e": "Boolean",
    VALUE_LIST: "Generic Data",
    RELAY: "Generic Data",
    "6da9f120-3ad0-4b6e-9fe0-f8cde3a649b7": "Colour",
}
"""Objects that are parameters themselves, and their type names."""
