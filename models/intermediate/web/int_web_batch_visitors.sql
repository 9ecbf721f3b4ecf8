-- One row is a batch and a browser in it, with a hash of its events. A row without a browser says that the batch was
-- looked through.
{{ config(materialized='incremental', meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches'}) }}

with

missing_batches as (
    select batch_hash
    from {{ ref('int_canonical_web_event_batches') }}
    {% if carries_on() %}
    where batch_hash in ({{ missing_stamps() }})
    {% endif %}
),

events as (
    select * from {{ ref('int_web_events') }}
    {% if carries_on() -%}
    where batch_hash in ({{ missing_stamps() }})
    {%- endif %}
),

batch_visitors as (
    select
        batch_hash,
        source_system,
        anonymous_id,
        bit_xor(event_hash) as events_hash,
        count(*) as event_count,
        count(case when not is_refused then 1 end) as granted_event_count
    from events
    group by batch_hash, source_system, anonymous_id
    union all
    select
        batch_hash,
        cast(null as string) as source_system,
        cast(null as string) as anonymous_id,
        null as events_hash,
        0 as event_count,
        0 as granted_event_count
    from missing_batches
)

select * from batch_visitors
