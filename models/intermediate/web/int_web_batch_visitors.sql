-- One row is a batch and a browser in it, with a hash of its events.
{{ config(
    materialized='incremental',
    meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches', 'may_be_empty': true}
) }}

with

events as (
    select * from {{ ref('int_web_events') }}
    where {{ is_missing(ref('int_canonical_web_event_batches')) }}
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
)

select * from batch_visitors
