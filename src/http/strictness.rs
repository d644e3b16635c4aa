//! The description as strict as the readers: what derives from Rust's types is looser.

use std::collections::HashSet;

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::{KnownFormat, OpenApi, RefOr, Schema, SchemaFormat};

/// Tells that objects have no keys but those described, that what is required is not null, that
/// a parameter that may be absent cannot be null, and that files are bytes.
pub(super) fn tell(document: &mut OpenApi) {
    if let Some(components) = &mut document.components {
        let parts = parts(components.schemas.values());
        for (name, schema) in &mut components.schemas {
            required_is_not_null(schema);
            if let RefOr::T(Schema::Object(object)) = schema
                && !object.properties.is_empty()
                && !parts.contains(name)
            {
                object.additional_properties =
                    Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            parameters(operation);
            files(operation);
        }
    }
}

/// Names of objects that are only a part of others: these have further keys.
fn parts<'a>(schemas: impl Iterator<Item = &'a RefOr<Schema>>) -> HashSet<String> {
    let wholes = schemas.filter_map(|schema| match schema {
        RefOr::T(Schema::AllOf(whole)) => Some(&whole.items),
        _ => None,
    });
    let references = wholes.flatten().filter_map(|part| match part {
        RefOr::Ref(reference) => reference.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    });
    references.map(str::to_owned).collect()
}

fn required_is_not_null(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::AllOf(whole)) => whole.items.iter_mut().for_each(required_is_not_null),
        RefOr::T(Schema::Object(object)) => {
            for (name, property) in &mut object.properties {
                if object.required.contains(name) {
                    not_null(property);
                }
            }
        }
        _ => {}
    }
}

fn parameters(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(schema) = &mut parameter.schema
        {
            not_null(schema);
        }
    }
}

/// A body that is no JSON is the bytes of a file.
fn files(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    for (media_type, content) in &mut body.content {
        if media_type != "application/json"
            && let RefOr::T(content) = content
            && let Some(RefOr::T(Schema::Object(object))) = &mut content.schema
        {
            object.format = Some(SchemaFormat::KnownFormat(KnownFormat::Binary));
        }
    }
}

/// Leaves `null` out of the types of a value.
fn not_null(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(object)) = schema
        && let SchemaType::Array(types) = &object.schema_type
    {
        let rest: Vec<&Type> = types.iter().filter(|t| **t != Type::Null).collect();
        if let [only] = rest.as_slice() {
            object.schema_type = SchemaType::Type((*only).clone());
        }
    }
}
