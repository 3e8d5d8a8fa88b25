"""The people and places of the tests of the views, for those who would like to see more than they may."""

from tests.views.conftest import ada as ada
from tests.views.conftest import as_ada as as_ada
from tests.views.conftest import as_ben as as_ben
from tests.views.conftest import as_stranger as as_stranger
from tests.views.conftest import ben as ben
from tests.views.conftest import browser as browser
from tests.views.conftest import direct as direct
from tests.views.conftest import message as message
from tests.views.conftest import room as room
from tests.views.conftest import server as server
from tests.views.conftest import stranger as stranger
