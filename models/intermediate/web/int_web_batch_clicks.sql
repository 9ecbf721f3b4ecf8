-- One row is a batch and a browser in it that came by an ad's click. Who refused consent is left out.
{{ config(
    materialized='incremental',
    meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches', 'may_be_empty': true}
) }}

with

events as (
    select * from {{ ref('int_web_events') }}
    where
        not is_refused
        and click_id is not null
        and {{ is_missing(ref('int_canonical_web_event_batches')) }}
),

batch_clicks as (
    select distinct
        batch_hash,
        source_system,
        anonymous_id,
        click_id
    from events
)

select * from batch_clicks
