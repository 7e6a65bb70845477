# SPDX-License-Identifier: Apache-2.0
"""References between the folders of a Swift module, found by the names of types.

A type or a function that is declared at the top level of a file and named in a file of another
folder is a reference to that folder. Comments and the text of string literals do not count; members
that are reached without naming a type are not seen.
"""

import os
import re
from collections import defaultdict

DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|final|indirect)\s+)*"
    r"(?:struct|class|enum|protocol|actor|typealias|func|let|var)\s+(\w+)", re.M)
LOCAL = re.compile(r"\b(?:struct|class|enum|protocol|typealias|case|func|let|var)\s+(\w+)")
INTERPOLATION = r"\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"


def code(text):
    """The text without comments and without the literal parts of strings."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(
        r'"""(.*?)"""', lambda found: " ".join(re.findall(INTERPOLATION, found.group(1))), text,
        flags=re.S)
    text = re.sub(
        rf'"(?:{INTERPOLATION}|\\.|[^"\\\n])*"',
        lambda found: " ".join(re.findall(INTERPOLATION, found.group(0))), text)
    return re.sub(r"//.*", "", text)


def references(module):
    """folder -> folder -> {(file, name)} for the Swift files below `module`."""
    files, owners = {}, {}
    for folder, _, names in os.walk(module):
        for name in sorted(names):
            if name.endswith(".swift"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    files[path] = code(file.read())
    for path in sorted(files):
        for name in DECLARATION.findall(files[path]):
            owners.setdefault(name, path)
    found = defaultdict(lambda: defaultdict(set))
    for path, text in files.items():
        own = set(LOCAL.findall(text))
        source = os.path.relpath(os.path.dirname(path), module)
        for name in set(re.findall(r"\b\w+\b", text)) - own:
            owner = owners.get(name)
            if owner and owner != path:
                target = os.path.relpath(os.path.dirname(owner), module)
                if target != source:
                    found[source][target].add((path, name))
    return found


def cycles(module):
    """Groups of folders that depend on each other, each with one reference per pair of folders."""
    graph = references(module)

    def reachable(start):
        seen, waiting = set(), [start]
        while waiting:
            for target in graph.get(waiting.pop(), {}):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen

    reach = {folder: reachable(folder) for folder in list(graph)}
    groups, done = [], set()
    for folder in sorted(graph):
        group = {other for other in reach[folder] if folder in reach.get(other, ())}
        if folder in reach[folder] and folder not in done:
            done |= group
            references_within = [
                (source, target, sorted(graph[source][target])[0])
                for source in sorted(group) for target in sorted(graph[source]) if target in group]
            groups.append((sorted(group), references_within))
    return groups
