package io.larder.whatif;

import io.larder.http.SecretFields;

/** Values that may be secrets, in a form that may be shown. */
final class Masked {
    private Masked() {}

    /** What may be shown of the field {@code name}. */
    static String field(String name, String value) {
        return SecretFields.isNamed(name) ? hidden(value) : value;
    }

    /** Of a secret, whether it is there and how long it is. */
    static String hidden(String value) {
        return "******** (" + value.length() + " characters)";
    }
}
