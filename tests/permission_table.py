"""权限表：what each role gets at each route (T01, G16). `login` = sent to sign in; one word = the same for all.

The columns of a longer line are the roles of `permission_stage.ROLES`:
anonymous · an (owner) · bao (other villager) · chen (window) · deng (reviewer) · zhen (town leader) ·
du (supervisor) · gao (drafts notices) · chenb (the other township's clerk) · chenb by /t/bailu/.
"""

from dataclasses import dataclass

from tests.permission_stage import ROLES


@dataclass(frozen=True)
class Row:
    """一行: a route, the object in its address, and the outcome of GET and of an empty POST."""

    route: str
    of: str = "none"
    GET: str = "200"
    POST: str = "405"
    query: str = ""

    def expected(self, method: str) -> dict[str, str]:
        """每个角色该得到什么"""
        words = (self.GET if method == "GET" else self.POST).split()
        return dict(zip(ROLES, words * len(ROLES) if len(words) == 1 else words, strict=len(words) > 1))


ROWS: list[Row] = []
