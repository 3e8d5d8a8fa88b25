from tests.people import ada as ada
from tests.people import ben as ben
