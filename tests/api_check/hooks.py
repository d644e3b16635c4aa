"""How Schemathesis sends bodies that it does not know: as the text that they are."""

import schemathesis

schemathesis.serializer.alias(["application/x-ndjson", "text/csv"], "text/plain")
