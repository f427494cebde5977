// Package terminal runs a built program in a pseudo-terminal whose screen is emulated, as a person's terminal would
// show it: the tests of the real binary use it, and the picture of the README. It is no part of the product.
//
// Waiting is for conditions, never for a time: a screen that shows something, a program that ended.
package terminal
