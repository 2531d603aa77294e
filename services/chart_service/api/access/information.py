"""What My Information shows: demographics, insurance, contacts."""

from fastapi import APIRouter, Request

from services.chart_service.api.access.chart import insurance
from services.chart_service.api.access.grants import Grants
from services.chart_service.schemas.access import ContactSeen, InformationAnswer


def routes(grants: Grants) -> APIRouter:
    """Return what the section is made of."""
    router = APIRouter()

    @router.get("/information", response_model_exclude_unset=True)
    async def information(request: Request) -> InformationAnswer:
        """Return who the patient is; gender identity to those alone who may see it."""
        async with grants.look(request, "information") as look:
            patient = look.patient
            fields = {"legal_name": patient.name, "birth_date": patient.birth_date}
            fields |= {"gender": patient.gender, "phone": patient.phone, "email": patient.email}
            fields |= {"address": patient.address}
            if look.may("information.gender_identity"):
                fields["gender_identity"] = patient.gender_identity
            if look.may("dashboard.preferred_name"):
                fields["preferred_name"] = patient.preferred_name
            contacts = [ContactSeen.of(one) for one in look.contacts if not one.ended]
            return InformationAnswer(**fields, insurance=await insurance(look), contacts=contacts)

    return router
