-- Salesforce, as its bulk interface gives it: leads and contacts apart, times in UTC, closings as days.
create macro salesforce_status(stage) as (
    case stage
        when 'mql' then 'MQL' when 'sql' then 'SQL' when 'opportunity' then 'Opportunity'
        when 'customer' then 'Customer' when 'disqualified' then 'Unqualified' when 'recycled' then 'Recycled'
        when 'on hold' then 'On Hold' else 'Open - Not Contacted'
    end
);

copy (
    select
        record_id as "Id",
        utc_text(created_at) as "CreatedDate",
        email as "Email",
        phone as "Phone",
        name as "Name",
        company as "Company",
        account_id as "AccountId__c",
        industry as "Industry",
        country as "CountryCode",
        employee_count as "NumberOfEmployees",
        case channel
            when 'organic_search' then 'Organic Search' when 'paid_search' then 'Paid Search'
            when 'paid_social' then 'Paid Social' when 'paid_video' then 'Paid Video'
            when 'organic_social' then 'Social Media'
            when 'ai_assistant' then 'AI Referrals' when 'referral' then 'Referral' when 'direct' then 'Direct'
            when 'offline_event' then 'Trade Show' when 'whatsapp' then 'WhatsApp' when 'partner' then 'Partner'
        end as "LeadSource",
        campaign as "Campaign__c",
        browser as "ClientId__c",
        self_reported_source as "HowDidYouHear__c",
        salesforce_status(stage) as "Status",
        owner as "OwnerName",
        has_consent as "HasConsent__c",
        utc_text(updated_at) as "SystemModstamp",
        merged_into as "MasterRecordId",
        is_deleted or merged_into is not null as "IsDeleted",
        cast(attributes as text) as "Custom__c"
    from known_records
    where crm = 'salesforce' and record_type = 'lead'
    order by record_id
) to (file_in('salesforce/lead.parquet')) (format parquet);

copy (
    select
        record_id as "Id",
        utc_text(created_at) as "CreatedDate",
        email as "Email",
        phone as "Phone",
        name as "Name",
        account_id as "AccountId",
        owner as "OwnerName",
        utc_text(updated_at) as "SystemModstamp"
    from known_records
    where crm = 'salesforce' and record_type = 'contact'
    order by record_id
) to (file_in('salesforce/contact.parquet')) (format parquet);

copy (
    select
        record_id as "LeadId",
        salesforce_status(stage) as "NewValue",
        utc_text(entered_at) as "CreatedDate",
        changed_by as "CreatedByName",
        reason as "Reason__c"
    from known_claims
    where crm = 'salesforce'
    order by record_id, entered_at, stage
) to (file_in('salesforce/lead_history_status.csv')) (header);

copy (
    select
        record_id as "LeadId",
        case field when 'employee_count' then 'NumberOfEmployees' when 'owner' then 'Owner' else 'Budget__c' end
            as "Field",
        value as "NewValue",
        utc_text(entered_at) as "CreatedDate"
    from known_values
    where crm = 'salesforce'
    order by all
) to (file_in('salesforce/lead_history_fields.csv')) (header);

copy (
    select
        account_id as "Id",
        company as "Name",
        'https://www.' || domain as "Website",
        industry as "Industry",
        employee_count as "NumberOfEmployees",
        country as "BillingCountry",
        owner as "OwnerName"
    from known_accounts
    where crm = 'salesforce'
    order by account_id
) to (file_in('salesforce/account.csv')) (header);

copy (
    select
        deal_id as "Id",
        account_id as "AccountId",
        name as "Name",
        amount as "Amount",
        currency as "CurrencyIsoCode",
        stage as "StageName",
        utc_text(created_at) as "CreatedDate",
        strftime(closed_at, '%Y-%m-%d') as "CloseDate",
        is_won as "IsWon",
        is_closed as "IsClosed",
        lost_reason as "Loss_Reason__c",
        owner as "OwnerName",
        product as "Product__c",
        utc_text(updated_at) as "SystemModstamp",
        is_deleted as "IsDeleted"
    from known_deals
    where crm = 'salesforce'
    order by deal_id
) to (file_in('salesforce/opportunity.csv')) (header);

copy (
    select
        deal_states.deal_id as "OpportunityId",
        deal_states.stage as "StageName",
        utc_text(deal_states.entered_at) as "CreatedDate",
        deal_states.amount as "Amount"
    from deal_states
    inner join known_deals
        on deal_states.deal_id = known_deals.deal_id
    where known_deals.crm = 'salesforce' and is_past(deal_states.entered_at)
    order by deal_states.deal_id, deal_states.step
) to (file_in('salesforce/opportunity_history.csv')) (header);

copy (
    select
        deal_id as "OpportunityId",
        record_id as "ContactId",
        role as "Role",
        is_primary as "IsPrimary"
    from known_deal_people
    where crm = 'salesforce'
    order by deal_id, record_id
) to (file_in('salesforce/opportunity_contact_role.csv')) (header);

copy (
    select
        activity_id as "Id",
        record_id as "WhoId",
        type as "Type",
        direction as "Direction__c",
        outcome as "CallDisposition",
        owner as "OwnerName",
        utc_text(talked_at) as "ActivityDateTime",
        is_automatic as "IsAutomatic__c",
        tags as "Tags__c"
    from known_talk
    where crm = 'salesforce'
    order by activity_id
) to (file_in('salesforce/task.csv')) (header);

copy (
    select
        order_id as "Id",
        deal_id as "OpportunityId",
        amount as "TotalAmount",
        currency as "CurrencyIsoCode",
        utc_text(ordered_at) as "CreatedDate",
        refunded_amount as "Refunded__c",
        utc_text(refunded_at) as "RefundedDate__c"
    from known_invoices
    where crm = 'salesforce'
    order by order_id
) to (file_in('salesforce/order.csv')) (header);

copy (
    select
        owner_id as "Id",
        owner as "Name",
        'sales' as "Team",
        true as "IsActive"
    from sellers
    where crm = 'salesforce'
    order by owner_id
) to (file_in('salesforce/user.csv')) (header);
