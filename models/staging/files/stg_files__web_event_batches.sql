-- One row is a batch of web events, from files: those of one file. Where any of them is another one, so is `batch_id`.
with

batches as (
    select
        source_system,
        load_id,
        batch_id,
        last_occurred_at
    from {{ ref('base_files__web_event_batches') }}
)

select * from batches
