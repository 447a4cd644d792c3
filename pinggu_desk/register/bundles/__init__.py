"""Bundles (数据包): what one register has that another has not, carried there and joined, with nothing guessed and nothing doubled.

A township without a line works on a register of its own and brings bundles on a stick; an outbox kept while a server is away
is joined the same way. Used through `Register`:

    parcel = township.export_since(hub_id)         # everything that hub has not confirmed yet
    data = township.sealed_bundle(parcel, …)       # signed and enciphered, for a stick
    joined = hub.join(parcel, "示例镇")             # all or nothing; a second time nothing at all
    township.note_joined(joined.receipt)           # so that the next bundle holds only what came since

Every row is known by the register that it was made in (`Register.register_id`) and its number there, however many hands it
went through: so a case that comes back to where it was opened is that case. `join` takes what came in any order, any number of
times: the end is the same. Where both sides changed the same thing it decides nothing: ours stands, theirs waits beside it in
`conflicts`, until a clerk has decided (`decide`).
"""
