-- A deal with people on it has exactly one primary contact.
with

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
)

select deal_key
from deal_contacts
group by deal_key
having sum(case when is_primary then 1 else 0 end) != 1
