"""What a request looks like, by the name of the operation; a test sends each of them."""

from typing import Any

_TEXT = "VGhlIHBhdGllbnQgc2xlcHQgd2VsbC4="
_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)
_PATIENT = {
    "id": "p-1",
    "given_name": "Ana",
    "family_name": "Lopez",
    "birth_date": "1990-04-12",
    "email": "ana@sunrise.example",
}
_CONTACT = {"given_name": "Luis", "family_name": "Lopez", "relationship": "Guardian"}
_EPISODE = {"program": "Residential", "admitted_on": "2026-03-02"}

EXAMPLES: dict[str, Any] = {
    "check_birth_date": {"birth_date": "1990-04-12"},
    "put_organization": {"name": "Sunrise", "phone": "+1 202-555-0143"},
    "add_staff": {"email": "kim.park@sunrise.example", "name": "Kim Park", "role": "staff"},
    "record_charts": [
        {
            "id": "c-1",
            "mrn": "MRN-1",
            "patient": _PATIENT,
            "contacts": [_CONTACT | {"id": "p-2", "email": "luis@sunrise.example"}],
        }
    ],
    "search_charts": {"q": "lop", "limit": 20},
    "import_bundle": {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p-9",
                    "name": [{"family": "Diaz", "given": ["Rosa"]}],
                }
            }
        ],
    },
    "add_contact": _CONTACT | {"email": "luis@sunrise.example"},
    "change_person": {"preferred_name": "Annie", "phone": None},
    "invite": {"email": "ana@sunrise.example"},
    "search_directory": {"q": "lop", "status": "pending"},
    "save_records": {"episodes": [_EPISODE | {"id": "e-1"}]},
    "put_one_of_episodes": _EPISODE,
    "put_one_of_appointments": {
        "title": "Individual therapy",
        "starts_at": "2026-03-02T09:30:00-05:00",
        "ends_at": "2026-03-02T10:20:00-05:00",
        "telehealth_url": "https://video.example/room-1",
    },
    "put_one_of_documents": {
        "kind": "evaluation",
        "title": "Evaluation at admission",
        "content": _TEXT,
        "shared_with": ["patient"],
    },
    "put_one_of_outcomes": {
        "measure": "PHQ-9",
        "score": 7,
        "taken_at": "2026-03-02T09:30:00-05:00",
    },
    "put_one_of_treatment_plans": {
        "title": "First weeks",
        "goals": ["Sleep eight hours"],
        "shared_with": ["patient", "guardian"],
    },
    "put_one_of_medications": {"name": "Sertraline", "dosage": "50 mg once a day"},
    "put_one_of_attachments": {
        "kind": "insurance_card",
        "file_name": "card.png",
        "content": _PICTURE,
    },
    "share_one_of_documents": {"shared_with": ["patient", "guardian"]},
    "share_one_of_treatment_plans": {"shared_with": ["patient"]},
    "put_location": {"name": "Harbor House", "phone": "+1 202-555-0144"},
    "put_policy": {"text": "We keep your data to ourselves.\n\nWrite to us to see it."},
    "add_webhook": {
        "url": "https://emr.example/hooks/portico",
        "events": ["invitation.accepted", "access.ended"],
    },
    "change_webhook": {"events": ["invitation.accepted"], "enabled": True},
    "get_token": {
        "grant_type": "client_credentials",
        "client_id": "0b9d3f5e-5b0c-4f5c-9b57-3d6f1f1f2a01",
        "client_secret": "the secret that the page showed",
        "scope": "charts:read",
    },
}
