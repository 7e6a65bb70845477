# SPDX-License-Identifier: Apache-2.0
"""The targets of Package.swift and their dependencies, read without building anything."""

import re

TARGET = re.compile(
    r"\.(target|executableTarget|testTarget|systemLibrary)\(\s*name: \"(\w+)\"(.*?)(?=\n    \.\w+\(\s*name:|\n    \.(?:target|executableTarget|testTarget|systemLibrary)\(|\n  \],)",
    re.S)


class Target:
    """A target: its kind, name, folder and the names of the targets and products it depends on."""

    def __init__(self, kind, name, body):
        self.kind, self.name = kind, name
        path = re.search(r'path: "([^"]+)"', body)
        folder = "Tests" if kind == "testTarget" else "Sources"
        self.folder = path.group(1) if path else f"{folder}/{name}"
        listed = re.search(r"dependencies: \[(.*?)\]", body, re.S)
        text = listed.group(1) if listed else ""
        self.products = re.findall(r'\.product\(name: "(\w+)"', text)
        self.targets = re.findall(r'"(\w+)"', re.sub(r"\.product\([^)]*\)", "", text))


def targets(path="Package.swift"):
    """All targets of a manifest, in its order."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"^\s*//.*$", "", file.read(), flags=re.M)
    text = text[text.index("  targets: ["):]
    return [Target(*found.groups()) for found in TARGET.finditer(text)]
