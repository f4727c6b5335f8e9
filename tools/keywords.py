"""The words that a language of the contract's clients keeps for itself, in small letters."""

from keyword import kwlist

_RUST = """
abstract as async await become box break const continue crate do dyn else enum extern false
final fn for gen if impl in let loop macro match mod move mut override priv pub ref return
self static struct super trait true try type typeof unsafe unsized use virtual where while
yield
"""
_GO = """
break case chan const continue default defer else fallthrough for func go goto if import
interface map package range return select struct switch type var
"""
_JAVA = """
abstract assert boolean break byte case catch char class const continue default do double else
enum extends false final finally float for goto if implements import instanceof int interface
long native new null package private protected public return short static strictfp super
switch synchronized this throw throws transient true try void volatile while
"""
_TYPESCRIPT = """
await break case catch class const continue debugger default delete do else enum export
extends false finally for function if implements import in instanceof interface let new null
package private protected public return static super switch this throw true try typeof var
void while with yield
"""
_C_SHARP = """
abstract as base bool break byte case catch char checked class const continue decimal default
delegate do double else enum event explicit extern false finally fixed float for foreach goto
if implicit in int interface internal is lock long namespace new null object operator out
override params private protected public readonly ref return sbyte sealed short sizeof
stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe
ushort using virtual void volatile while
"""

KEYWORDS = frozenset(
    word for text in (_RUST, _GO, _JAVA, _TYPESCRIPT, _C_SHARP) for word in text.split()
) | frozenset(filter(str.islower, kwlist))
