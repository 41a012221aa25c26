from tests.concurrency.conftest import *  # noqa
from tests.concurrency.conftest import house, shared_url, shared_databases, two_servers, unprotected_house
from tests.concurrency.house import at_once
from tests.concurrency.test_many_applications import Team
from tests.api.advocacies.scene import SEEN, sent
from collections import Counter
async def test_rename_listener(house):
    team = await Team(house).gather()
    ben = (await sent(house.client, "/v1/advocates", {"person": {"name": "Ben"}}))
    bens=[]
    for n in range(10):
        await team.begin(n)()
        bens.append((await sent(house.client, "/v1/advocacies", {"application_id": team.applications[n], "advocate_id": ben["id"], "word":"agreed"}))["id"])
    # Ada named: she must act
    team.advocacies=[a["id"] for a in (await house.get("/v1/advocacies", limit=100))["data"] if a["advocate"]["id"]==team.advocate]
    order = {a["application_id"]: a["id"] for a in (await house.get("/v1/advocacies", limit=100))["data"] if a["advocate"]["id"]==team.advocate}
    for app in team.applications:
        await sent(house.client, f"/v1/advocacies/{order[app]}/acts", {"kind":"spoke","audience":[team.hana],"reasons":[SEEN],"recorded_by":team.ada})
    codes=Counter()
    details=Counter()
    for r in range(8):
        answers = await at_once(team.change(f"/v1/people/{team.ada}", name=f"Ada {r}", email=f"ada{r}@example.com"),
          *(house.post(n, f"/v1/advocacies/{bens[n]}/acts", {"kind":"spoke","audience":[team.ada],"reasons":[],"recorded_by":ben["person"]["id"]}) for n in reversed(range(10))))
        for a in answers:
            codes[a.status_code]+=1
            if a.status_code>=400: details[a.json()["detail"]]+=1
    rows = await house.rows("select deadlocks from pg_stat_database where datname=current_database() and :w > 0")
    print(codes, details, rows)
