from tests.people import ada as ada
from tests.people import ben as ben
from tests.people import cleo as cleo
from tests.people import room as room
