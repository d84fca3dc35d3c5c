"""What the package imports, it says it depends on: what others bring along may go with them."""

import re
import sys
from pathlib import Path

from tests.test_architecture import FILES, Imports

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
BROUGHT = {"pydantic_core"}  # of the one version that pydantic goes with


def test_what_is_imported_is_declared():
    (declared,) = re.findall(r"^dependencies = \[(.*?)^\]", PYPROJECT.read_text(), re.M | re.S)
    names = {n.replace("-", "_").lower() for n in re.findall(r'"([\w-]+)', declared)}
    foreign = set().union(*(Imports(path.read_text()).foreign for path in FILES))
    assert foreign - set(sys.stdlib_module_names) - BROUGHT - names == set()
