-- For every model the parts of what a conversion brought or gave back sum to the money, in both currencies, and the
-- weights to 1.
with

credit as (
    select * from {{ ref('int_attribution_parts') }}
),

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

allocated as (
    select
        model,
        entry_number,
        sum(attributed_amount) as amount,
        sum(attributed_money) as amount_reporting,
        sum(weight) as weight
    from credit
    group by model, entry_number
)

select
    allocated.model,
    entries.entry_number
from entries
inner join allocated
    on entries.entry_number = allocated.entry_number
where
    allocated.weight != 1
    or allocated.amount is distinct from entries.amount
    or allocated.amount_reporting is distinct from entries.amount_reporting
