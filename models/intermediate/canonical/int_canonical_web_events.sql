-- Events are many: what is here of a batch that is as it was stays.
{{ config(materialized='incremental', meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches'}) }}

with

batches as (
    select * from {{ ref('int_canonical_web_event_batches') }}
),

unioned as (
    select * from {{ ref('stg_files__web_events') }}
    where {{ is_missing(ref('int_canonical_web_event_batches'), ['load_id', 'batch_id']) }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

visible as (
    select
        unioned.*,
        batches.batch_hash
    from unioned
    inner join batches
        on unioned.batch_id = batches.batch_id
    cross join run_settings
    where unioned.occurred_at <= run_settings.as_of
)

select * from visible
