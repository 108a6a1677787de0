"""Custom fields and options of the stand-in, through the vendor's own client."""

from incident_io import models

from tests.sandbox.incidentio.asking import ask, first


def test_a_field_from_birth_to_deletion(sdk):
    draft = models.CustomFieldsCreatePayloadV2(
        name="Data centre",
        description="Where",
        field_type=models.CustomFieldsCreatePayloadV2FieldType.SINGLE_SELECT,
    )
    made = ask(sdk, "custom_fields_v2.create", expect=201, body=draft).custom_field
    change = models.CustomFieldsUpdatePayloadV2(name="Place", description="")
    done = ask(sdk, "custom_fields_v2.update", made.id, body=change).custom_field
    assert (done.name, done.description) == ("Place", "")
    ask(sdk, "custom_fields_v2.delete", made.id, expect=204)
    ask(sdk, "custom_fields_v2.show", made.id, expect=404)


def test_an_option_from_birth_to_deletion(sdk, incidentio):
    field = first(incidentio.store.custom_fields)
    draft = models.CustomFieldOptionsCreatePayloadV1(
        custom_field_id=field["id"], value="Cache", sort_key=15
    )
    made = ask(
        sdk, "custom_field_options_v1.create", expect=201, body=draft
    ).custom_field_option
    change = models.CustomFieldOptionsUpdatePayloadV1(value="Caches", sort_key=25)
    done = ask(sdk, "custom_field_options_v1.update", made.id, body=change)
    assert done.custom_field_option.value == "Caches"
    ask(sdk, "custom_field_options_v1.delete", made.id, expect=204)
    ask(sdk, "custom_field_options_v1.show", made.id, expect=404)


def test_what_the_vendor_refuses_is_refused(sdk, incidentio):
    field = first(incidentio.store.custom_fields)
    again = models.CustomFieldsCreatePayloadV2(
        name=field["name"],
        description="",
        field_type=models.CustomFieldsCreatePayloadV2FieldType.TEXT,
    )
    refusal = ask(sdk, "custom_fields_v2.create", expect=422, body=again)
    assert refusal.errors[0].source.field == "name"
