/** Which server gets the next request, which one is left alone for a while, and how many retries are bearable: pure rules. */
@NullMarked
package io.larder.balance;

import org.jspecify.annotations.NullMarked;
