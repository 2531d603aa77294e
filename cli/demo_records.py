"""What the demo's charts hold besides the bundles: made up, with days around today."""

from base64 import b64encode
from datetime import UTC, datetime, time, timedelta
from typing import Any

Records = dict[str, list[dict[str, Any]]]

PROVIDER = "Dr. Ida Chen"
_CONSENT = """I agree that my child is treated at Sunrise Recovery Center.

I was told what the treatment is, what else could be done, and that I can end it at any time.

Signed on paper; the original is kept at the front desk."""
_EVALUATION = """Reason for the visit
Trouble falling asleep since the family moved, and missed days at school.

What we found
Alert and friendly. Talks openly about the move and about missing friends.

What we suggest
Weekly sessions for eight weeks, a family session every second week, and a bedtime routine."""


def records(now: datetime) -> Records:
    """Return records as of this moment."""
    return {
        "episodes": _episodes(now),
        "appointments": _appointments(now),
        "documents": _documents(now),
        "outcomes": _outcomes(now),
        "treatment_plans": _plans(now),
        "medications": _medications(now),
    }


def _episodes(now: datetime) -> list[dict[str, Any]]:
    began = {"admitted_on": _day(now, -60)}
    return [{"id": "demo-episode", "program": "Outpatient program", "provider": PROVIDER, **began}]


def _appointments(now: datetime) -> list[dict[str, Any]]:
    return [
        _appointment("demo-video", "Individual session", _at(now, 2, 15))
        | {"telehealth_url": "https://video.example/rooms/demo"},
        _appointment("demo-group", "Family group", _at(now, 6, 17))
        | {"place": "Harbor House, room 4", "is_group": True},
        _appointment("demo-past", "Individual session", _at(now, -5, 15)) | {"place": "Room 2"},
    ]


def _appointment(record_id: str, title: str, begins: datetime) -> dict[str, Any]:
    ends = begins + timedelta(minutes=50)
    times = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
    return {"id": record_id, "title": title, "provider": PROVIDER, **times}


def _documents(now: datetime) -> list[dict[str, Any]]:
    return [
        _document("demo-evaluation", "evaluation", "First evaluation", _EVALUATION)
        | {"written_on": _day(now, -58), "shared_with": ["guardian"]},
        _document("demo-consent", "consent", "Consent to treatment", _CONSENT)
        | {"written_on": _day(now, -60), "shared_with": ["guardian", "guarantor"]},
    ]


def _document(record_id: str, kind: str, title: str, text: str) -> dict[str, Any]:
    content = b64encode(text.encode()).decode()
    return {"id": record_id, "kind": kind, "title": title, "author": PROVIDER, "content": content}


def _outcomes(now: datetime) -> list[dict[str, Any]]:
    scores = (("GAD-7", (15, 12, 9, 7)), ("PHQ-A", (13, 12, 8, 6)))
    return [
        {"id": f"demo-{measure.lower()}-{week}", "measure": measure, "score": score}
        | {"taken_at": _at(now, 14 * week - 56, 10).isoformat()}
        for measure, all_scores in scores
        for week, score in enumerate(all_scores)
    ]


def _plans(now: datetime) -> list[dict[str, Any]]:
    goals = [
        "Sleep through five nights a week",
        "Go to school every day",
        "Name a feeling a day",
    ]
    plan = {"title": "First eight weeks", "status": "active", "goals": goals}
    return [plan | {"id": "demo-plan", "starts_on": _day(now, -56), "shared_with": ["guardian"]}]


def _medications(now: datetime) -> list[dict[str, Any]]:
    taken = {"name": "Melatonin", "dosage": "1 mg at bedtime", "prescriber": PROVIDER}
    return [taken | {"id": "demo-med", "pharmacy": "Harbor Pharmacy", "started_on": _day(now, -50)}]


def _day(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).date().isoformat()


def _at(now: datetime, days: int, hour: int) -> datetime:
    return datetime.combine((now + timedelta(days=days)).date(), time(hour), UTC)
