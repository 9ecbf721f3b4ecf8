-- One more round would change nothing: all records that carry an identifier have one label.
with

links as (
    select * from {{ ref('int_identity_links') }}
),

components as (
    select * from {{ ref('int_identity_components') }}
)

select
    min(links.record_key) as first_record_key,
    max(links.record_key) as last_record_key
from links
inner join components
    on links.record_key = components.record_key
group by links.identifier
having count(distinct components.component) > 1
