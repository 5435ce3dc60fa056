"""A small language for the shape of the configuration.

A schema is a tree of nodes. From the one tree come validation, the compiled form, the defaults, a Markdown
reference and a JSON Schema for editors (`reference`).

What is validated is a tree of `Value`s, which know their line and column; `config_yaml` makes it from a file,
`written` from plain Python data. What comes out is plain data that `marshal` can keep.

Messages name keys and types, never values: a value in the wrong place may be a secret.
"""
