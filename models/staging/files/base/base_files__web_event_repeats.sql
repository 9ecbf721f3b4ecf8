-- One row is an event of a load that is there more than once, in this load or in others. What is here of a load stays:
-- an event whose other row is gone by now is ranked alone.
{{ config(
    materialized='incremental',
    meta={'stamp': 'load_hash', 'stamps_of': 'base_files__web_event_loads', 'may_be_empty': true}
) }}
{%- set missing = is_missing(ref('base_files__web_event_loads'), ['_load_id', 'load_hash']) %}

with

new_rows as (
    select * from {{ ref('base_files__web_event_rows') }}
    where {{ missing }}
),

-- of every load, since an event may be in a new one and in an old one
repeated as (
    select
        source_system,
        event_id
    from {{ ref('base_files__web_event_rows') }}
    {% if carries_on() %}
    where event_id in (select new_rows.event_id from new_rows)
    {% endif %}
    group by source_system, event_id
    having count(*) > 1
),

repeats as (
    select distinct
        new_rows.load_hash,
        new_rows.source_system,
        new_rows.event_id
    from new_rows
    inner join repeated
        on new_rows.source_system = repeated.source_system and new_rows.event_id = repeated.event_id
)

select * from repeats
