"""What tests of workflows look at in the stand-in."""

from __future__ import annotations

CRITICAL = "Page everybody for critical incidents"
REMIND = "Remind to update the status page"
TERRAFORM = "Invite the security team"


def row(world, name=CRITICAL):
    return next(r for r in world.incidentio.store.workflows if r["name"] == name)


def state(world, name=CRITICAL):
    """All that the API shows of a workflow but its version."""
    url = f"/v2/workflows/{row(world, name)['id']}?skip_step_upgrades=true"
    client = world.incidentio.wsgi.test_client()
    key = {"Authorization": f"Bearer {world.incidentio.key.secret}"}
    body = client.get(url, headers=key).get_json()
    return {**body["workflow"], "meta": body["management_meta"], "version": None}


def puts(world):
    return [r for r in world.incidentio.requests if r.method == "PUT"]
